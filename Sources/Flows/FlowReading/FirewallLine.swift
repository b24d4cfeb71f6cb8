import Responsibility

/// A packet that iptables' LOG or nftables' `log` wrote into the kernel's log, or ulogd into a file.
///
///     kernel: cip: IN=eth0 OUT= MAC=… SRC=10.9.0.1 DST=10.8.0.1 LEN=60 … PROTO=TCP SPT=40000 DPT=80 WINDOW=64240 … SYN
///
/// What is quoted in brackets behind an ICMP error is another packet. Source: net/ipv4/netfilter/nf_log_ipv4.c.
enum FirewallLine {
    /// What a line is; nil when it is not of this form.
    static func read(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowLine? {
        guard line.contains("SRC="), line.contains("DST=") else { return nil }
        var fields = Fields()
        var words = Words(line)
        while let word = words.next() {
            if word.begins(with: "[SRC=") { break }
            try fields.take(word)
        }
        guard let source = fields.source, let destination = fields.destination else {
            throw FlowLineError(.missing(field: "SRC or DST"), line)
        }
        guard let transport = fields.transport else { throw FlowLineError(.missing(field: "PROTO"), line) }
        if fields.isLaterFragment { return .skipped(.fragment) }
        if transport == .esp || transport == .ah, let index = fields.index {
            (fields.sourcePort, fields.destinationPort) = (UInt16(index >> 16), UInt16(truncatingIfNeeded: index))
        }
        let flow = try Flow(
            transport: transport, from: (source, fields.sourcePort), to: (destination, fields.destinationPort),
            line: line, needing: ports)
        var record = FlowRecord(flow: flow, format: .firewall)
        (record.packets, record.bytes) = (1, fields.length)
        return .flow(record)
    }

    private struct Fields {
        var source: IPAddress?
        var destination: IPAddress?
        var transport: TransportProtocol?
        var sourcePort: UInt16?
        var destinationPort: UInt16?
        var index: UInt32?
        var length: UInt64?
        var isLaterFragment = false

        mutating func take(_ word: Bytes) throws(FlowLineError) {
            if word.begins(with: "FRAG:") {
                isLaterFragment = word.after(5).decimal != 0
                return
            }
            guard let equals = word.position(of: UInt8(ascii: "=")) else { return }
            let (name, value) = (word.part(0, equals), word.after(equals + 1))
            if name.equals("SRC"), source == nil {
                source = try ConntrackLine.address(value)
            } else if name.equals("DST"), destination == nil {
                destination = try ConntrackLine.address(value)
            } else if name.equals("PROTO"), transport == nil {
                guard let known = value.transport else { throw FlowLineError(.transport, value) }
                transport = known
            } else if name.equals("SPT"), sourcePort == nil {
                sourcePort = try ConntrackLine.port(value)
            } else if name.equals("DPT"), destinationPort == nil {
                destinationPort = try ConntrackLine.port(value)
            } else if name.equals("SPI") {
                index = value.word
            } else if name.equals("LEN"), length == nil {
                length = value.decimal
            }
        }
    }
}
