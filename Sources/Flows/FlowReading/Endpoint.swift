import Responsibility

/// An address with or without a port, as text.
struct Endpoint {
    var address: IPAddress
    /// The port; nil for none.
    var port: UInt16?
    /// Whether the port is "*".
    var isAnyPort = false

    /// Reads `10.0.0.1:80`, `10.0.0.1`, `10.0.0.1%eth0:80`, `[2001:db8::1]:80`, `[2001:db8::1%eth0]:80`, `[2001:db8::1]%eth0:80`,
    /// `2001:db8::1`, and "*" for a port.
    ///
    /// With `lastColonIsPort` also netstat's `2001:db8::1:80`.
    init(colonForm text: Bytes, lastColonIsPort: Bool = false) throws(FlowLineError) {
        let colon = UInt8(ascii: ":")
        var host = text
        var portText: Bytes?
        if text.first == UInt8(ascii: "[") {
            guard let close = text.position(of: UInt8(ascii: "]")) else { throw FlowLineError(.address, text) }
            host = text.part(1, close)
            var rest = text.after(close + 1)
            if rest.first == UInt8(ascii: "%") { rest = rest.after(rest.position(of: colon) ?? rest.count) }
            guard rest.isEmpty || rest.first == colon else { throw FlowLineError(.address, text) }
            portText = rest.isEmpty ? nil : rest.after(1)
        } else if let last = text.lastPosition(of: colon), lastColonIsPort || text.position(of: colon) == last {
            host = text.part(0, last)
            portText = text.after(last + 1)
        }
        if let zone = host.position(of: UInt8(ascii: "%")) { host = host.part(0, zone) }
        guard let address = host.address else { throw FlowLineError(host.isName ? .name : .address, host) }
        self.address = address
        guard let portText else { return }
        isAnyPort = portText.equals("*")
        guard !isAnyPort else { return }
        guard let port = portText.port else { throw FlowLineError(portText.isName ? .name : .port, portText) }
        self.port = port
    }

    /// An address without a port.
    init(address: IPAddress) { self.address = address }

    /// Reads tcpdump's `10.0.0.1.80`, `10.0.0.1`, `2001:db8::1.80` and `2001:db8::1`.
    init(dotForm text: Bytes) throws(FlowLineError) {
        if let whole = text.address {
            address = whole
            return
        }
        guard let dot = text.lastPosition(of: UInt8(ascii: ".")) else { throw FlowLineError(.address, text) }
        let host = text.part(0, dot)
        let portText = text.after(dot + 1)
        guard let address = host.address else { throw FlowLineError(text.isName ? .name : .address, text) }
        guard let port = portText.port else { throw FlowLineError(portText.isName ? .name : .address, portText) }
        self.address = address
        self.port = port
    }
}
