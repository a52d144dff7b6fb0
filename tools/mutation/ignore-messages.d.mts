import type { Ignorer } from '@stryker-mutator/api/ignore'

/** The plugin as Stryker takes it. */
export declare const strykerPlugins: readonly { readonly value: Ignorer }[]
