/** `1#challenge` of RFC 9110 §11.6.1, written apart from both libraries, to say which of them reads by the grammar. */
const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
const quoted = '"(?:[\\t !\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*"'
const space = '[ \\t]*'
const parameter = `${token}${space}=${space}(?:${token}|${quoted})`
const token68 = '[A-Za-z0-9\\-._~+/]+=*'
/** Empty elements of a list are to be ignored (§5.6.1.2). */
const comma = `${space}(?:,${space})+`
const challenge = `${token}(?: +(?:${parameter}(?:${comma}${parameter})*|${token68}))?`

const LIST = new RegExp(`^${space}(?:,${space})*${challenge}(?:${comma}${challenge})*${space}(?:,${space})*$`)

export function isChallengeList(header: string): boolean {
  return LIST.test(header)
}
