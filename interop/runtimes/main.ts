// The program that Node, Bun and Deno run: configuration from the environment, JSON lines to standard output.
import process from 'node:process'
import { signIn, type SignInConfiguration } from './sign-in.ts'

// runtimes.ts wrote it from a value of this type
const configuration = JSON.parse(process.env.SIGN_IN ?? '') as SignInConfiguration

await signIn(configuration, (line) => {
  console.log(JSON.stringify(line))
})
