using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Broker.Storage;

/// <summary>The plain rows, for reading, and the migrations of everything.</summary>
/// <remarks>Tasks, their history, payloads and events are partitioned and written by hand; they are reached by hand only.
/// Migrations are SQL files, so there is no model snapshot.</remarks>
internal abstract class BrokerContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<WorkerRow> Workers => Set<WorkerRow>();
    public DbSet<PoolRow> Pools => Set<PoolRow>();
    public DbSet<FleetEventRecord> FleetEvents => Set<FleetEventRecord>();
    public DbSet<StatsRow> Stats => Set<StatsRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<WorkerRow>(workers =>
        {
            workers.ToTable("workers").HasKey(worker => worker.Id);
            Json(workers.Property(worker => worker.Record), StorageDocuments.Worker);
        });
        modelBuilder.Entity<PoolRow>(pools =>
        {
            pools.ToTable("pools").HasKey(pool => pool.Name);
            Json(pools.Property(pool => pool.Settings), StorageDocuments.Pool);
        });
        modelBuilder.Entity<FleetEventRecord>().ToTable("fleet_events").HasKey(entry => entry.Seq);
        modelBuilder.Entity<StatsRow>().ToTable("stats").HasKey(stats => stats.Shard);
        modelBuilder.Entity<StatsRow>().Property(stats => stats.Data).HasColumnType("json");
    }

    private static void Json<T>(PropertyBuilder<T> property, JsonTypeInfo<T> type) => property.HasColumnType("json")
        .HasConversion(value => JsonSerializer.Serialize(value, type), json => JsonSerializer.Deserialize(json, type)!);
}
