internal import CFlowLines
import Responsibility

/// The quick way through lines of the form that the last one had.
///
/// Readers in C take such lines where they are as they are printed most often, and leave everything else, mistakes included, to
/// the other parsers. Both give the same flows.
struct QuickWay: Sendable {
    /// The most shapes of objects that are kept, and that are learned.
    private static let most = (kept: 8, learned: 256)

    /// The form of the last flow that was not read here.
    var form: FlowLineFormat?
    /// Whether shapes of objects are learned.
    var learns = false
    private var shapes: [ObjectShape] = []
    private var next = 0
    private var learned = 0

    /// Learns the shape of an object of JSON on one line.
    mutating func learn(_ line: Bytes, _ offers: [JSONLine.Offer]) {
        guard learns, learned < Self.most.learned, let shape = ObjectShape(line, offers) else { return }
        learned += 1
        if shapes.count < Self.most.kept {
            next = shapes.count
            shapes.append(shape)
        } else {
            next = (next + 1) % Self.most.kept
            shapes[next] = shape
        }
    }

    /// Takes lines into a batch, from an offset on; returns the offset of the first other.
    mutating func take(_ block: Bytes, _ start: Int, _ batch: inout FlowBatch, _ needs: FlowNeeds) -> Int {
        guard start < block.count, let form else { return start }
        switch form {
        case .conntrack:
            switch block[start] {
            case UInt8(ascii: "-"): return texts(block, start, &batch, CLUSTERIP_SAVED, needs)
            case UInt8(ascii: "<"): return texts(block, start, &batch, CLUSTERIP_XML, needs)
            default: return batch.appendFastEntries(of: block, from: start)
            }
        case .json: return objects(block, start, &batch)
        case .csv:
            guard let roles = FastRows.flowLog, !batch.keepsRows else { return start }
            return batch.appendFastRows(of: block, from: start, roles, 0x20, number: -1)
        case .plain:
            return texts(block, start, &batch, block[start].isDigit ? CLUSTERIP_RECORDS : CLUSTERIP_TYPED, needs)
        case .socket: return texts(block, start, &batch, CLUSTERIP_SOCKETS, needs)
        case .tcpdump: return texts(block, start, &batch, CLUSTERIP_PACKETS, needs)
        case .firewall: return texts(block, start, &batch, CLUSTERIP_LOG, needs)
        case .openFile: return texts(block, start, &batch, CLUSTERIP_FILES, needs)
        case .tshark: return texts(block, start, &batch, CLUSTERIP_SUMMARIES, needs)
        case .access:
            // A line of such a log has no destination, which a listing tells.
            let isEnough = !needs.destination && !needs.ports.contains(.destination)
            guard isEnough, !batch.keepsRows || needs.knownDestination?.v4 != nil else { return start }
            return texts(block, start, &batch, CLUSTERIP_ACCESS, needs)
        }
    }

    private func texts(
        _ block: Bytes, _ start: Int, _ batch: inout FlowBatch, _ form: clusterip_form, _ needs: FlowNeeds
    ) -> Int {
        let texts = clusterip_texts(
            form: form, destination: needs.knownDestination?.v4?.number ?? 0,
            needs_source_port: needs.ports.contains(.source))
        return batch.appendFastTexts(of: block, from: start, texts)
    }

    /// Takes objects by the shapes that are known, in turns.
    private mutating func objects(_ block: Bytes, _ start: Int, _ batch: inout FlowBatch) -> Int {
        var (offset, tried) = (start, 0)
        while tried < shapes.count, offset < block.count {
            let end = batch.appendFastObjects(of: block, from: offset, shapes[next])
            tried = end > offset ? 0 : tried + 1
            offset = end
            if offset < block.count { next = (next + 1) % shapes.count }
        }
        return offset
    }
}
