#!/usr/bin/env node
// dist/waxwing-controller.js: the files of the package's dist/ are CommonJS, and the controller is ES modules below it.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import(pathToFileURL(join(import.meta.dirname, 'controller/main.mjs')).href)
