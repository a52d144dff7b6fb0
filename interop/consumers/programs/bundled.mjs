import { pathToFileURL } from 'node:url'
import { outcomeOf } from './outcome.cjs'

const { imported, required = imported } = await import(pathToFileURL(process.argv[2]).href)
console.log(JSON.stringify(await outcomeOf(imported, required)))
