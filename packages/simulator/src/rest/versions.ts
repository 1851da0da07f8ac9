const oldest = 31
const newest = 68

export interface ApiVersion {
  readonly label: string
  readonly url: string
  /** Two digits and a zero: `68.0`. */
  readonly version: string
}

/** Every API version still served, oldest first, as `GET /services/data` lists them. */
export const apiVersions: readonly ApiVersion[] = Array.from({ length: newest - oldest + 1 }, (_, index) => {
  const number = oldest + index
  return { label: releaseName(number), url: `/services/data/v${number}.0`, version: `${number}.0` }
})

// Three releases a year: 32 was Winter '15.
function releaseName(version: number): string {
  const season = ['Winter', 'Spring', 'Summer'][(version - 32 + 3) % 3]
  return `${season} '${15 + Math.floor((version - 32) / 3)}`
}

export function findVersion(segment: string): ApiVersion | undefined {
  return apiVersions.find(({ version }) => segment === `v${version}`)
}
