import ClusterModel
import Responsibility

extension SettingsFinding {
    func evidence(_ finding: Finding) -> String {
        let (what, own, most) =
            switch self {
            case .mode(let own, let most): ("hash mode", own, most)
            case .bucketCount(let own, let most): ("total nodes", "\(own)", "\(most)")
            case .seed(let own, let most): ("seed", Self.text(own), Self.text(most))
            case .mac(let own, let most): ("cluster MAC", "\(own)", "\(most)")
            }
        return "\(finding.subject) has \(what) \(own), most nodes have \(most)"
    }

    var effect: String {
        switch self {
        case .mode, .bucketCount, .seed:
            "its buckets are other clients than the other nodes': some get two answers, some none"
        case .mac: "clients that learn the one MAC are not heard by nodes that listen to the other"
        }
    }

    private static func text(_ seed: UInt32?) -> String { seed.map { String($0) } ?? "unknown" }
}
