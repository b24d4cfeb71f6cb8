#include "CNetfilter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/ethernet.h>
#include <netinet/in.h>
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

int clusterip_advertise_router(int index) {
    /* Type 0x30, every 20 seconds, no query interval and robustness of its own (RFC 4286, 3.1); the checksum is fixed. */
    unsigned char message[8] = {0x30, 20, 0, 0, 0, 0, 0, 0};
    const unsigned sum = (unsigned)(message[0] << 8 | message[1]);
    message[2] = (unsigned char)(~sum >> 8);
    message[3] = (unsigned char)~sum;
    const unsigned char router_alert[4] = {0x94, 4, 0, 0};
    const struct ip_mreqn interface = {.imr_ifindex = index};
    const struct sockaddr_in snoopers = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xe000006a)};
    int socket_ = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_IGMP);
    if (socket_ < 0) return -errno;
    int result = 0;
    if (setsockopt(socket_, IPPROTO_IP, IP_MULTICAST_IF, &interface, sizeof interface) < 0 ||
        setsockopt(socket_, IPPROTO_IP, IP_OPTIONS, router_alert, sizeof router_alert) < 0 ||
        sendto(socket_, message, sizeof message, 0, (const struct sockaddr *)&snoopers, sizeof snoopers) < 0)
        result = -errno;
    close(socket_);
    return result;
}
