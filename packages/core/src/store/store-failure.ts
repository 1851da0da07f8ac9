import { LOCK_BUSY } from './lock.ts'

/** What a failing store is called, and what to do, by what it threw. */
export function describeStoreFailure(
  store: string,
  cause: unknown,
): { readonly message: string; readonly hint: string } {
  if (!isLockBusy(cause)) {
    const hint = 'Check that the store is up and reachable from this process, then try again.'
    return { message: `The ${store} did not answer.`, hint }
  }
  const message = `A lock of the ${store} was not free in time: another request holds it.`
  return {
    message,
    hint: 'Try again. If it keeps happening, Salesforce or the store is slow, or a process stands still.',
  }
}

/** Whether an error, or what it was made of, says that a lock was waited for in vain. */
export function isLockBusy(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  return code === LOCK_BUSY || (cause !== undefined && isLockBusy(cause))
}
