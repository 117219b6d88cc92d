// AssemblyInfo: who may see what is internal here.
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Skyloom.Editor.Tests")]
