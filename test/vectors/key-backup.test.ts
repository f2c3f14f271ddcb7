import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stretch } from '../../cli/io/scrypt.ts'
import { archiveText, readArchive } from '../../shared/keys/backup/archive.ts'
import { openByKeys, openByPassphrase } from '../../shared/keys/backup/seal.ts'
import { keptKey } from '../support/backups.ts'
import { namedKey } from '../support/keys.ts'
import { asKeys } from '../support/objects.ts'

test('a backup of the first version opens, to every byte, and is written today as it was then', async () => {
  const [prod, staging, recovery] = await Promise.all(
    ['prod', 'staging', 'recovery'].map((name) => namedKey(name)),
  )
  if (!prod || !staging || !recovery) throw new Error('keys')
  const text = readFileSync(join(import.meta.dirname, 'key-backup.yaml'), 'utf8')
  const archive = readArchive(text)
  const kept = {
    namespace: 'waxwing-system',
    secrets: [keptKey(prod, 'waxwing-key-2'), keptKey(staging, 'waxwing-key-1', 'retired')],
  }
  expect(await openByPassphrase(archive, 'correct horse battery staple', stretch)).toEqual(kept)
  expect(await openByKeys(archive, asKeys(recovery.opened))).toEqual(kept)
  expect(archiveText(archive)).toBe(text)
})
