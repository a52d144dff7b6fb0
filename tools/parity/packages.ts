import * as ours from 'countersign'
import * as theirs from 'oauth4webapi'

/** The package whose calls we promise to accept, and the specifier that programs swap for ours. */
export const THEIRS = 'oauth4webapi'
export const OURS = 'countersign'

export const exportsOfTheirs: ReadonlyMap<string, unknown> = new Map(Object.entries(theirs))
export const exportsOfOurs: ReadonlyMap<string, unknown> = new Map(Object.entries(ours))
