/** No vowels, so that no word comes out of it (k8s.io/apimachinery's util/rand). */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const SUFFIX_LENGTH = 5
const MAX_LENGTH = 63

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#generated-values */
export function generateName(prefix: string, random: () => number = Math.random): string {
  const letters = Array.from({ length: SUFFIX_LENGTH }, () =>
    ALPHABET.charAt(Math.floor(random() * ALPHABET.length)),
  )
  return prefix.slice(0, MAX_LENGTH - SUFFIX_LENGTH) + letters.join('')
}
