using Microsoft.EntityFrameworkCore;

namespace Broker.Storage;

internal sealed class PostgresContext(DbContextOptions<PostgresContext> options) : BrokerContext(options);
