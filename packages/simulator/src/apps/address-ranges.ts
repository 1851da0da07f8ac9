import { BlockList, isIP } from 'node:net'

export function isAddressAllowed(ranges: readonly string[], address: string): boolean {
  if (ranges.length === 0) return true
  const list = new BlockList()
  for (const range of ranges) addRange(list, range)
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address
  return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}

function addRange(list: BlockList, range: string): void {
  const [first = '', last] = range.split('-')
  const [net = '', bits] = first.split('/')
  const family = isIP(net) === 6 ? 'ipv6' : 'ipv4'
  if (last !== undefined) list.addRange(net, last, family)
  else if (bits !== undefined) list.addSubnet(net, Number(bits), family)
  else list.addAddress(net, family)
}

/** False for text that `isAddressAllowed` could not read. */
export function isAddressRange(range: string): boolean {
  try {
    addRange(new BlockList(), range)
    return true
  } catch {
    return false
  }
}
