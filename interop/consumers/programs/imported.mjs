export * as imported from 'countersign'
