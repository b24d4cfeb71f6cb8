/// The formats that a screen can be written in.
public enum ExportFormat: String, CaseIterable, Sendable {
    case json, csv
}
