/** Columns as kubectl writes them: padded with spaces, three between. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${columns([head, ...rows]).join('\n')}\n`

/** The lines of a table without a head. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  )
}
