// ConsoleCoreTests
