package io.crmsdk.http;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Resolves a name and refuses addresses that a public service cannot have. The connection is opened to the very addresses
 * checked here, so a name that changes its mind between two look-ups gains nothing.
 */
final class AddressGuard implements DnsResolver {
    private final boolean privateAllowed;

    AddressGuard(boolean privateAllowed) {
        this.privateAllowed = privateAllowed;
    }

    /** The host has an address that is only reachable from inside; nothing was connected. */
    static final class PrivateAddressException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        PrivateAddressException() {
            super("resolves to a private address");
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = SystemDefaultDnsResolver.INSTANCE.resolve(host);
        if (!privateAllowed) {
            for (InetAddress address : found) {
                if (isPrivate(address)) {
                    throw new PrivateAddressException();
                }
            }
        }
        return found;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
    }

    /** RFC 6890 and its IPv6 kin: loopback, link-local, site-local, this network, shared space, unique local, multicast. */
    static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] raw = address.getAddress();
        return address instanceof Inet4Address
                ? isSpecial4(raw, 0)
                : address instanceof Inet6Address && isSpecial6(raw);
    }

    private static boolean isSpecial4(byte[] raw, int at) {
        int a = raw[at] & 0xff;
        int b = raw[at + 1] & 0xff;
        int c = raw[at + 2] & 0xff;
        return a == 0
                || a == 10
                || a == 127
                || (a == 100 && b >= 64 && b < 128)
                || (a == 169 && b == 254)
                || (a == 172 && b >= 16 && b < 32)
                || (a == 192 && b == 168)
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (b == 18 || b == 19))
                || a >= 224;
    }

    /** Unique local fc00::/7, and the prefixes that carry an IPv4 address inside: NAT64 and 6to4. */
    private static boolean isSpecial6(byte[] raw) {
        if ((raw[0] & 0xfe) == 0xfc) {
            return true;
        }
        if ((raw[0] & 0xff) == 0x20 && raw[1] == 0x02) {
            return isSpecial4(raw, 2);
        }
        boolean nat64 = raw[0] == 0 && raw[1] == 0x64 && (raw[2] & 0xff) == 0xff && (raw[3] & 0xff) == 0x9b;
        boolean compatible = isZero(raw, 10) && (raw[10] == 0 || (raw[10] & raw[11] & 0xff) == 0xff);
        return (nat64 || compatible) && isSpecial4(raw, 12);
    }

    private static boolean isZero(byte[] raw, int length) {
        for (int i = 0; i < length; i++) {
            if (raw[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
