// Loaded into a program before all else: at each SIGUSR2 its wall clock jumps, an hour ahead, then two hours back.
// The machine's own clock is left alone.
const jumps = [3_600_000, -3_600_000]
let offset = 0
process.on('SIGUSR2', () => {
  offset = jumps.shift() ?? 0
})

const { now } = Date
globalThis.Date = class extends Date {
  constructor(...given) {
    if (given.length === 0) super(now() + offset)
    else super(...given)
  }
  static now() {
    return now() + offset
  }
}
