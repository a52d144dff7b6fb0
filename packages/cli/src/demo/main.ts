import { explain } from 'countersign/explain'
import { DemoFailure } from './failures.ts'
import { HELP, readOptions } from './options.ts'
import { partyFor } from './party-for.ts'
import { sentenceFor } from './sentences.ts'
import { signIn } from './sign-in.ts'
import { printable, terminalOn } from './terminal.ts'

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args)
  if (options.help) {
    process.stdout.write(HELP)
    return
  }
  const terminal = terminalOn(process.stdout)
  const keyboard = process.stdin.isTTY && process.stdout.isTTY ? process.stdin : undefined
  const party = await partyFor(options)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // what was started ends, and then the program as ever
    process.once(signal, () => void party.close().finally(() => process.kill(process.pid, signal)))
  }
  try {
    const { sub, iss } = await signIn(party, options, { terminal, keyboard })
    terminal.line(`ok: CIBA ${options.mode}: ${printable(sub)} authenticated by ${iss}`)
  } finally {
    await party.close()
  }
}

// Who reads only the first lines, as `| head` does, is not an error.
process.stdout.on('error', () => process.exit(1))

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`error: ${sentenceFor(error)}\n`)
  const remedy = explain(error)?.remedy
  if (remedy !== undefined) process.stderr.write(`what to do: ${remedy}\n`)
  process.exitCode = error instanceof DemoFailure ? error.exitCode : 1
}
