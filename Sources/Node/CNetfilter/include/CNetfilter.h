#ifndef CLUSTERIP_CNETFILTER_H
#define CLUSTERIP_CNETFILTER_H

/* Before the kernel's own headers, which then leave out what these define. */
#include <net/if.h>
#include <netinet/in.h>

#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/if_addr.h>
#include <linux/netfilter.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_cluster.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter_arp.h>
#include <linux/netfilter_arp/arp_tables.h>
#include <linux/netfilter_arp/arpt_mangle.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/* The operation of nf_tables that masks and then inverts bits: NFT_BITWISE_MASK_XOR, in older headers NFT_BITWISE_BOOL. */
#define CLUSTERIP_BITWISE_MASK_XOR 0

/* The type number that nftables gives to plain integers (enum datatypes, TYPE_INTEGER, in nftables' datatype.h). */
#define CLUSTERIP_TYPE_INTEGER 4
/// The number that nft has for connection and packet marks.
#define CLUSTERIP_TYPE_MARK 19
/* An Ethernet address. */
#define CLUSTERIP_TYPE_ETHERADDR 9

/* What ipt_CLUSTERIP's rules have behind the target's header: struct ipt_clusterip_tgt_info of
   linux/netfilter_ipv4/ipt_CLUSTERIP.h, which Linux 6.3 took away; a pointer of the kernel's follows it. */
struct clusterip_target_info {
    unsigned int flags;
    unsigned char mac[6];
    unsigned short total_nodes;
    unsigned short local_node_count;
    unsigned short local_nodes[16];
    unsigned int hash_mode;
    unsigned int hash_initval;
};

/* What the kernel says of a network interface: struct ifreq is a union of unions, which Swift cannot read. */
struct clusterip_interface {
    int index;
    unsigned int flags;
    unsigned char mac[6];
    int mtu;
};

/* Fills `result` for the interface of this name, through any socket; returns 0 or a negative errno. */
int clusterip_interface_read(int socket, const char *name, struct clusterip_interface *result);

/* Joins or leaves a multicast MAC address on an interface (SIOCADDMULTI, SIOCDELMULTI); returns 0 or a negative errno. */
int clusterip_multicast_change(int socket, const char *name, const unsigned char mac[6], int join);

/* Tells everybody on an interface that an IPv4 address has a MAC, by ARP, as a question and as an answer. Returns 0 or
 * -errno; EPERM without CAP_NET_RAW. */
int clusterip_announce(
    const struct clusterip_interface *interface, const unsigned char mac[6], const unsigned char address[4]);

/* Tells switches that snoop to send all multicast to the port of an interface, by a multicast router advertisement (RFC
 * 4286). Returns 0 or -errno; EPERM without CAP_NET_RAW. */
int clusterip_advertise_router(int index);

#endif
