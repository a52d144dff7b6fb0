const MOST_CHARACTERS = 64
const PLAIN = /^[\p{Letter}\p{Number}][\p{Letter}\p{Number} .,:;!?'()/+&€$£#-]*$/u

/**
 * Says what is wrong with a `binding_message`, or `undefined` when it can be shown.
 *
 * CIBA Core §7.1 wants it "relatively short" and of "a limited set of plain text characters", because a person compares
 * it on two screens. Here: at most 64 characters; letters and digits of any script, single spaces, and `. , : ; ! ? ' (
 * ) / + & # - € $ £`; it begins with a letter or a digit and does not end with a space. So there are no line breaks, no
 * control or direction characters, no markup and no invisible padding, with which a message could look like another.
 */
export function bindingMessageFault(message: string): string | undefined {
  if (Array.from(message).length > MOST_CHARACTERS) {
    return `binding_message must have at most ${MOST_CHARACTERS} characters`
  }
  if (!PLAIN.test(message) || message.includes('  ') || message.endsWith(' ')) {
    return 'binding_message must be plain text: letters, digits, single spaces and common punctuation'
  }
  return undefined
}
