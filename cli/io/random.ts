/** `size` fresh bytes of the platform's CSPRNG. */
export const randomBytes = (size: number): Uint8Array => crypto.getRandomValues(new Uint8Array(size))
