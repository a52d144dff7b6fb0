// The program for Node, Bun and Deno: configuration from the environment, the outcome to standard output.
import process from 'node:process'
import type { Configuration } from './program/configuration.ts'
import { runProgram } from './program/program.ts'

// runtimes.ts wrote it from a value of this type
const configuration = JSON.parse(process.env.CONFIGURATION ?? '') as Configuration

console.log(JSON.stringify(await runProgram(configuration)))
