package dev.rekur.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** The address that a server is to listen on. */
final class ListenAddress {
    private ListenAddress() {}

    /**
     * Listens there for a moment, to find out before long work what would keep a server from listening after it.
     *
     * @throws IllegalStateException if it cannot be listened on; the message says why
     */
    static void require(String host, int port) {
        String place = "cannot listen on " + host + ", port " + port + ": ";
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new IllegalStateException(
                    place + "no host of that name is known. Give a name or an address of this machine; 127.0.0.1 takes"
                            + " what comes from this machine alone, 0.0.0.0 what comes from anywhere.",
                    unknown);
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException refused) {
            throw new IllegalStateException(place + reason(address, refused), refused);
        }
    }

    private static String reason(InetAddress address, IOException refused) {
        String words = String.valueOf(refused.getMessage());
        if (!isOfThisMachine(address)) {
            return "this machine has no such address. Give one that it has; 127.0.0.1 takes what comes from this machine"
                    + " alone, 0.0.0.0 what comes from anywhere.";
        }
        if (words.contains("ermission")) {
            return "permission denied; ports below 1024 are the administrator's on most systems. Choose another; 0 takes"
                    + " any that is free.";
        }
        if (words.contains("in use")) {
            return "another program listens there. End it or choose another port; 0 takes any that is free.";
        }
        return words + ". Choose another; port 0 takes any that is free.";
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException unknown) {
            return true;
        }
    }
}
