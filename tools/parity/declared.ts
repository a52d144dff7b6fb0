import ts from 'typescript'

/** What a package's declarations say that it exports. */
export interface Declared {
  readonly name: string
  readonly isValue: boolean
  readonly isType: boolean
  /** For a generic type: how many type arguments it needs, and how many it takes. */
  readonly typeArguments: { readonly required: number; readonly accepted: number }
}

export function declaredExports(program: ts.Program, path: string): ReadonlyMap<string, Declared> {
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(path)
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file)
  if (module === undefined) throw new Error(`${path} is not a module of the program`)
  const found = checker.getExportsOfModule(module).map((exported): [string, Declared] => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    return [
      exported.name,
      {
        name: exported.name,
        isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0,
        isType: (symbol.flags & ts.SymbolFlags.Type) !== 0,
        typeArguments: countTypeArguments(symbol),
      },
    ]
  })
  return new Map(found.sort(([left], [right]) => (left < right ? -1 : 1)))
}

function countTypeArguments(symbol: ts.Symbol): Declared['typeArguments'] {
  for (const declaration of symbol.declarations ?? []) {
    if (!ts.isInterfaceDeclaration(declaration) && !ts.isTypeAliasDeclaration(declaration)) continue
    const parameters = declaration.typeParameters ?? []
    return { required: parameters.filter((one) => one.default === undefined).length, accepted: parameters.length }
  }
  return { required: 0, accepted: 0 }
}
