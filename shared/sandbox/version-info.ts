/** What `/version` says. The minor version is that of the server whose behaviour this one follows. */
export const VERSION_INFO = {
  major: '1',
  minor: '37',
  gitVersion: 'v1.37.0+sandbox',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'node',
}
