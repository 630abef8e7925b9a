return await Broker.Agent.Bot.RunAsync(args);
