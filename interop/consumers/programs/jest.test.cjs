const { writeFileSync } = require('node:fs')
const { outcomeOf } = require('./outcome.cjs')

test('in the modules of Jest, which are CommonJS', async () => {
  const required = require('countersign')
  writeFileSync('outcome.json', JSON.stringify(await outcomeOf(require('countersign'), required)))
})
