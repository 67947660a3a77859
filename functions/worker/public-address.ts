import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** IANA's registries of special-purpose addresses, and multicast: no public server has one of these. */
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/** The public part of IPv6. It excludes addresses that are mapped or translated from IPv4. */
const global6 = '2000::/3';
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

function listOf(subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits] = subnet.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const not4 = listOf(special4, 'ipv4');
const all6 = listOf([global6], 'ipv6');
const not6 = listOf(special6, 'ipv6');

/** Whether a text is an IP address of the public internet. */
export const isPublicAddress = (address: string): boolean =>
  isIPv6(address)
    ? all6.check(address, 'ipv6') && !not6.check(address, 'ipv6')
    : isIPv4(address) && !not4.check(address, 'ipv4');
