/** The architecture of this machine, in Lambda's words: emulators run functions on it. */
module.exports.architecture = process.arch === "arm64" ? "arm64" : "x86_64";
