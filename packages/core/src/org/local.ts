const LOOPBACK_V4 = /^127(?:\.\d{1,3}){3}$/

/** Whether a host name, as `URL.hostname` prints it, means this machine: localhost, *.localhost, 127.0.0.0/8 or [::1]. */
export function isLocalHost(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || LOOPBACK_V4.test(hostname)
  )
}
