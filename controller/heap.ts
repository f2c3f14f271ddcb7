import { setFlagsFromString } from 'node:v8'

// What this process keeps is small, and what it reads in passing is much: V8 would let the space for new objects grow to
// 32 MiB or more, and the old one to several times what is in it, before it collects. Set while the process runs, since
// neither the image nor a shebang can give flags to Node in a way that holds wherever it is started.
setFlagsFromString('--semi-space-growth-factor=1')
setFlagsFromString('--heap-growing-percent=30')
