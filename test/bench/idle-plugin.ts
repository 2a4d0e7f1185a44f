// A provider plugin that does nothing: what is declared is right, has not changed, is made at once, and
// is there as it was declared. The same program by it is what the engine and the SDK themselves take.
import grpc from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";

type Struct = structs.Struct | undefined;

/** What was declared, and what only a real object could tell. */
function made(inputs: Struct): structs.Struct {
  const told = { containerId: "c".repeat(64), running: true, address: "172.17.0.2" };
  const image = { ref: "image:1", imageId: `sha256:${"a".repeat(64)}` };
  return structs.Struct.fromJavaScript({ ...inputs?.toJavaScript(), ...told, ...image });
}

function nameOf(urn: string): string {
  return `${urn.split("::").at(-1) ?? ""}-12345678`;
}

function checked(news: Struct, more: Record<string, string> = {}): messages.CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(structs.Struct.fromJavaScript({ ...news?.toJavaScript(), ...more }));
  return response;
}

function unchanged(): messages.DiffResponse {
  const response = new messages.DiffResponse();
  response.setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE);
  return response;
}

const service = {
  getPluginInfo: () => {
    const info = new plugins.PluginInfo();
    info.setVersion("0.0.1");
    return info;
  },
  configure: () => {
    const response = new messages.ConfigureResponse();
    response.setAcceptsecrets(true);
    return response;
  },
  cancel: () => new empty.Empty(),
  checkConfig: (request: messages.CheckRequest) => checked(request.getNews()),
  diffConfig: unchanged,
  check: (request: messages.CheckRequest) =>
    checked(request.getNews(), { name: nameOf(request.getUrn()) }),
  diff: unchanged,
  create: (request: messages.CreateRequest) => {
    const response = new messages.CreateResponse();
    response.setId(nameOf(request.getUrn()));
    response.setProperties(made(request.getProperties()));
    return response;
  },
  read: (request: messages.ReadRequest) => {
    const response = new messages.ReadResponse();
    response.setId(request.getId());
    response.setInputs(request.getInputs());
    response.setProperties(request.getProperties());
    return response;
  },
  delete: () => new empty.Empty(),
};

const server = new grpc.Server();
const handlers = Object.entries(service).map(([name, answer]) => [
  name,
  (call: { readonly request: never }, reply: (error: null, value: unknown) => void) => {
    reply(null, answer(call.request));
  },
]);
server.addService(
  services.ResourceProviderService as unknown as grpc.ServiceDefinition,
  Object.fromEntries(handlers) as grpc.UntypedServiceImplementation,
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
process.stdin.on("end", () => process.exit(0)).resume();
