# Targets: api, scheduler, agent, cli. docker build --target api .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src

# Project files first, so that editing a source file does not restore all packages again.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY Contracts/*.csproj Contracts/
COPY Dispatcher.Storage/*.csproj Dispatcher.Storage/
COPY Dispatcher.Api/*.csproj Dispatcher.Api/
COPY Dispatcher.Scheduler/*.csproj Dispatcher.Scheduler/
COPY Worker.Agent/*.csproj Worker.Agent/
COPY Broker.Cli/*.csproj Broker.Cli/
RUN dotnet restore Broker.Cli

COPY Contracts Contracts
COPY Dispatcher.Storage Dispatcher.Storage
COPY Dispatcher.Api Dispatcher.Api
COPY Dispatcher.Scheduler Dispatcher.Scheduler
COPY Worker.Agent Worker.Agent

FROM build AS publish-api
RUN dotnet publish Dispatcher.Api -c Release --no-restore -o /app

FROM build AS publish-scheduler
RUN dotnet publish Dispatcher.Scheduler -c Release --no-restore -o /app

FROM build AS publish-agent
RUN dotnet publish Worker.Agent -c Release --no-restore -o /app

FROM build AS publish-cli
COPY Broker.Cli Broker.Cli
RUN dotnet publish Broker.Cli -c Release --no-restore -o /app

# The images' own user, not root.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS api
WORKDIR /app
COPY --from=publish-api /app .
USER $APP_UID
EXPOSE 8000
ENTRYPOINT ["dotnet", "Dispatcher.Api.dll"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS cli
WORKDIR /app
COPY --from=publish-cli /app .
USER $APP_UID
ENTRYPOINT ["dotnet", "broker.dll"]

FROM mcr.microsoft.com/dotnet/runtime:10.0 AS agent
WORKDIR /app
COPY --from=publish-agent /app .
USER $APP_UID
ENTRYPOINT ["dotnet", "Worker.Agent.dll"]

FROM mcr.microsoft.com/dotnet/runtime:10.0 AS scheduler
WORKDIR /app
COPY --from=publish-scheduler /app .
USER $APP_UID
ENTRYPOINT ["dotnet", "Dispatcher.Scheduler.dll"]
