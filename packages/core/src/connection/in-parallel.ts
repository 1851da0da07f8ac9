export interface InParallelOptions {
  /** How many pieces of work are under way at once. */
  readonly concurrency: number
  /** Begins no more work once it is aborted. */
  readonly signal?: AbortSignal
}

/** Does the work for each item of a long list, several at once, without ever holding the list. */
export async function inParallel<T>(
  items: AsyncIterable<T>,
  { concurrency, signal }: InParallelOptions,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]()
  const worker = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await iterator.next()
      if (done === true || signal?.aborted === true) return
      await work(value)
    }
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, worker))
  } finally {
    await iterator.return?.()
  }
}
