// The program that Node, Bun and Deno run: configuration from the environment, one line of JSON to standard output.
import process from 'node:process'
import { signIn, type SignInConfiguration } from './sign-in.ts'

// runtimes.test.ts wrote it, with the type's own members
const configuration = JSON.parse(process.env['SIGN_IN'] ?? '') as SignInConfiguration

console.log(JSON.stringify(await signIn(configuration)))
