const required = require('countersign')
const { explain } = require('countersign/explain')
const { outcomeOf } = require('./outcome.cjs')

async function main() {
  const outcome = await outcomeOf(await import('countersign'), required)
  console.log(JSON.stringify({ ...outcome, explain: explain === (await import('countersign/explain')).explain }))
}

void main()
