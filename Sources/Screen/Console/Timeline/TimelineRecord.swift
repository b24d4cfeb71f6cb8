import ClusterModel
import Wording

/// An event of the timeline as it is kept in a file, to be read when the console has ended.
public struct TimelineRecord: Hashable, Sendable {
    /// When: UTC, as "2026-11-28T14:02:31Z".
    public var time: String
    /// "finding", "link", "move", "ruleset" or "cluster".
    public var kind: String
    /// "notice", "warning" or "critical"; nil: it is neither good nor bad.
    public var severity: String?
    /// The node it is about; nil when it is about several or none.
    public var node: String?
    /// The buckets it is about: "3,7-9"; nil: none.
    public var buckets: String?
    /// What happened, one sentence.
    public var what: String

    /// A record from its parts.
    public init(time: String, kind: String, severity: String?, node: String?, buckets: String?, what: String) {
        self.time = time
        self.kind = kind
        self.severity = severity
        self.node = node
        self.buckets = buckets
        self.what = what
    }

    /// The record of an event that a console saw.
    init(_ event: TimelineEvent) {
        let clock = DayClock()
        let what: String =
            if case .began = event.kind { event.sentence.replacingFirst("this console", with: "a console") } else {
                event.sentence
            }
        self.init(
            time: "\(clock.date(event.time))T\(clock.time(event.time))Z", kind: event.group,
            severity: event.severity?.rawValue, node: event.node,
            buckets: event.buckets.isEmpty ? nil : event.buckets.description, what: what)
    }

    /// The event of a record that an earlier console kept; nil when it has no such time.
    var event: TimelineEvent? {
        DayClock().seconds(time).map { TimelineEvent(time: $0, kind: .kept(self)) }
    }
}

extension String {
    /// The text with another beginning, where it has this one.
    fileprivate func replacingFirst(_ beginning: String, with other: String) -> String {
        hasPrefix(beginning) ? other + dropFirst(beginning.count) : self
    }
}
