// Runs one statement in DuckDB.
// Usage: node run_duckdb.mjs NODE_MODULES STATEMENT
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [modules, statement] = process.argv.slice(2)
const require = createRequire(join(modules, 'package.json'))
const { DuckDBInstance } = await import(require.resolve('@duckdb/node-api'))
const connection = await (await DuckDBInstance.create(':memory:')).connect()
const reader = await connection.runAndReadAll(statement)
console.log(reader.getRows().map(row => row.join(' ')).join('\n'))
