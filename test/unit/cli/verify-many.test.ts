import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { waxwing } from '../../support/programs.ts'
import { secretText } from '../shared/ops/secrets.ts'
import { sealText } from '../shared/ops/streams.ts'

const folder = mkdtempSync(join(tmpdir(), 'waxwing-many-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Every tenth is a SealedSecret, and renamed, so that each of them is to be found. */
async function writeMany(count: number): Promise<void> {
  const sealed = await sealText(secretText('stringData: { a: x, b: y }'))
  for (let i = 0; i < count; i++) {
    const team = join(folder, `team${i % 50}`)
    mkdirSync(team, { recursive: true })
    writeFileSync(
      join(team, `${i}.yaml`),
      i % 10 > 0 ? `# app ${i}\nkind: Other\n` : sealed.replace('name: db', `name: db-${i}`),
    )
  }
}

test('ten thousand files, each looked at', async () => {
  await writeMany(10_000)
  const { code, stdout, stderr } = await waxwing(['verify', '-o', 'json', folder], { cwd: folder })
  const report = JSON.parse(stdout)
  expect(stderr).toMatch(/^1000 files checked in \d+\.\d\d s: 1000 fail\n$/)
  expect([code, report.files, report.fail]).toEqual([1, 1000, 1000])
  expect(report.findings[999]).toMatchObject({ code: 'moved', args: { origin: 'shop/db, strict scope' } })
}, 120_000)
