#include "CNetfilter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netpacket/packet.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Writes the name into a request; false when it is too long for an interface's name. */
static int name_request(struct ifreq *request, const char *name) {
    memset(request, 0, sizeof *request);
    if (strlen(name) >= sizeof request->ifr_name) return 0;
    strcpy(request->ifr_name, name);
    return 1;
}

int clusterip_interface_read(int socket, const char *name, struct clusterip_interface *result) {
    struct ifreq request;
    if (!name_request(&request, name)) return -ENODEV;
    if (ioctl(socket, SIOCGIFINDEX, &request) < 0) return -errno;
    result->index = request.ifr_ifindex;
    if (ioctl(socket, SIOCGIFFLAGS, &request) < 0) return -errno;
    result->flags = (unsigned short)request.ifr_flags;
    if (ioctl(socket, SIOCGIFHWADDR, &request) < 0) return -errno;
    memcpy(result->mac, request.ifr_hwaddr.sa_data, sizeof result->mac);
    if (ioctl(socket, SIOCGIFMTU, &request) < 0) return -errno;
    result->mtu = request.ifr_mtu;
    return 0;
}

int clusterip_multicast_change(int socket, const char *name, const unsigned char mac[6], int join) {
    struct ifreq request;
    if (!name_request(&request, name)) return -ENODEV;
    request.ifr_hwaddr.sa_family = AF_UNSPEC;
    memcpy(request.ifr_hwaddr.sa_data, mac, 6);
    return ioctl(socket, join ? SIOCADDMULTI : SIOCDELMULTI, &request) < 0 ? -errno : 0;
}

/* An ARP packet for Ethernet and IPv4 in its frame (RFC 826). */
struct announcement {
    unsigned char to[6], from[6];
    unsigned short type, hardware, protocol;
    unsigned char hardware_length, protocol_length;
    unsigned short operation;
    unsigned char sender_mac[6], sender[4], target_mac[6], target[4];
} __attribute__((packed));

int clusterip_announce(
    const struct clusterip_interface *interface, const unsigned char mac[6], const unsigned char address[4]) {
    int socket_ = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return -errno;
    struct sockaddr_ll link = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETHERTYPE_ARP), .sll_ifindex = interface->index, .sll_halen = 6};
    memset(link.sll_addr, 0xff, 6);
    struct announcement frame = {
        .type = htons(ETHERTYPE_ARP), .hardware = htons(ARPHRD_ETHER), .protocol = htons(0x0800), .hardware_length = 6,
        .protocol_length = 4};
    memset(frame.to, 0xff, 6);
    memcpy(frame.from, interface->mac, 6);
    memcpy(frame.sender_mac, mac, 6);
    memcpy(frame.sender, address, 4);
    memcpy(frame.target, address, 4);
    int result = 0;
    for (int form = 0; form < 2 && !result; form++) {
        /* As a question and as an answer: some neighbours learn from the one, some from the other (RFC 5227, 3). */
        frame.operation = htons(form == 0 ? ARPOP_REQUEST : ARPOP_REPLY);
        if (form == 1) memcpy(frame.target_mac, mac, 6);
        if (sendto(socket_, &frame, sizeof frame, 0, (struct sockaddr *)&link, sizeof link) < 0) result = -errno;
    }
    close(socket_);
    return result;
}
