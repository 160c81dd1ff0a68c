// A PLC directory and a PDS in one process, on loopback only, until standard input ends.
// usage: node pds.cjs FOLDER_OF_NODE_MODULES PLC_PORT   (the PDS is told by its PDS_* environment)
const net = require('node:net')
const { createRequire } = require('node:module')

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port, '127.0.0.1', ...rest) // both would listen on every interface
}

const installed = createRequire(process.argv[2] + '/')
const { Database, PlcServer } = installed('@did-plc/server')
const { PDS, envToCfg, envToSecrets, readEnv } = installed('@atproto/pds')

async function main() {
  const plc = PlcServer.create({ db: Database.mock(), port: Number(process.argv[3]) })
  await plc.start()
  const env = readEnv()
  const pds = await PDS.create(envToCfg(env), envToSecrets(env))
  await pds.start()
}

process.stdin.on('end', () => process.exit(0)).resume()
main().catch((error) => {
  console.error(error)
  process.exit(1)
})
