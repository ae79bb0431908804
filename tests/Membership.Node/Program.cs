using Firezone.Membership.Node.Running;
using Microsoft.Extensions.Configuration;

var options = new ConfigurationBuilder().AddCommandLine(args).Build().Get<NodeOptions>() ?? new NodeOptions();
return await NodeRun.RunAsync(options);
