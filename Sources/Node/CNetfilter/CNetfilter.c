#include "CNetfilter.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>

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
