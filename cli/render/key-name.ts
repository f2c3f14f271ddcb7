import { isKeyId, shortId } from '../../shared/keys/id.ts'

/** `prod (wx7c2m…)`: a holder is what somebody wrote, the id is what counts. */
export function keyName({ id = '', holder = '' }: { id?: string; holder?: string }): string {
  const short = isKeyId(id) ? shortId(id) : id
  return holder === '' || holder === id ? short : `${holder} (${short})`
}
