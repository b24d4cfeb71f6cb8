// OperationTests
