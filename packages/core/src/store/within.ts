/**
 * For stores: the work's outcome, or an error when it takes longer than it may. What is given up is not undone: it may
 * still take effect.
 */
export async function within<T>(work: Promise<T>, duration: number, overdue: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(overdue()), duration)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
